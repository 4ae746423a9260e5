#include "provider/plugin/process.h"

#include <malloc.h>
#include <signal.h>
#include <stddef.h>

enum { HEAPS = 2, TRIM_THRESHOLD = 1024 * 1024 };

static void (*hook)(void);

static void on_signal(int number)
{
    (void)number;
    hook();
}

void process_handle_signals(void (*on_terminate)(void), bool interactive)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct sigaction terminate = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    hook = on_terminate;
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGTERM, &terminate, NULL);
    sigaction(SIGINT, interactive ? &terminate : &ignore, NULL);
}

void process_bound_heaps(void)
{
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD);
}
