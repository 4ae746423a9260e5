#include "provider/plugin/crash.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

#include "lib/base/compiler.h"

enum {
    SIGNAL_STACK = 64 * 1024,
    MOST_FRAMES = 64,
    GIVE_UP_SECONDS = 5, /* should the handler itself hang */
};

static const struct {
    int number;
    const char *name;
} crashes[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
               {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"}, {SIGSYS, "SIGSYS"}};

extern const char __executable_start[], etext[]; /* of the linker: the program's code */

static void (*hook)(void);
static _Thread_local void *signal_stack;

/* --- text, async-signal-safe ------------------------------------------------------------------ */

struct report {
    char text[8 * 1024];
    size_t length;
};

static void put(struct report *report, const char *text)
{
    size_t length = strlen(text), room = sizeof(report->text) - report->length;
    if (length > room)
        length = room;
    memcpy(report->text + report->length, text, length);
    report->length += length;
}

static void put_number(struct report *report, uintptr_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number);
    put(report, digits + at);
}

struct walk {
    struct report *report;
    unsigned frame;
};

static _Unwind_Reason_Code put_frame(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    uintptr_t address = _Unwind_GetIP(context);
    uintptr_t start = (uintptr_t)__executable_start, end = (uintptr_t)etext;
    if (!address || walk->frame == MOST_FRAMES)
        return _URC_END_OF_STACK;
    put(walk->report, "  #");
    put_number(walk->report, walk->frame++, 10);
    put(walk->report, address >= start && address < end ? " program+0x" : " library 0x");
    put_number(walk->report, address >= start && address < end ? address - start : address, 16);
    put(walk->report, "\n");
    return _URC_NO_REASON;
}

static void write_all(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put_now = write(STDERR_FILENO, text, length);
        if (put_now <= 0)
            return;
        text += put_now;
        length -= (size_t)put_now;
    }
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    static volatile sig_atomic_t entered;
    static struct report report; /* not on the small stack */
    if (entered++)
        _exit(128 + number);
    alarm(GIVE_UP_SECONDS);
    put(&report, "panic: ");
    for (size_t i = 0; i < ARRAY_LENGTH(crashes); i++)
        if (crashes[i].number == number)
            put(&report, crashes[i].name);
    if (number == SIGSEGV || number == SIGBUS) {
        put(&report, " at address 0x");
        put_number(&report, (uintptr_t)info->si_addr, 16);
    }
    put(&report, " in terraform-provider-oke " OKESTRA_VERSION ", thread ");
    put_number(&report, (uintptr_t)syscall(SYS_gettid), 10);
    put(&report, "\n\nThis is a bug in the provider. Please report it with these lines:\n");
    write_all(report.text, report.length);
    report.length = 0;
    struct walk walk = {&report, 0};
    _Unwind_Backtrace(put_frame, &walk);
    write_all(report.text, report.length);
    if (hook)
        hook();
    signal(number, SIG_DFL);
    raise(number);
}

/* --- set-up ----------------------------------------------------------------------------------- */

void crash_prepare_thread(void)
{
    void *memory = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return;
    const stack_t stack = {.ss_sp = memory, .ss_size = SIGNAL_STACK};
    if (sigaltstack(&stack, NULL) == 0)
        signal_stack = memory;
    else
        munmap(memory, SIGNAL_STACK);
}

void crash_release_thread(void)
{
    const stack_t none = {.ss_flags = SS_DISABLE};
    if (!signal_stack)
        return;
    sigaltstack(&none, NULL);
    munmap(signal_stack, SIGNAL_STACK);
    signal_stack = NULL;
}

void crash_install(void (*before_end)(void))
{
    hook = before_end;
    crash_prepare_thread();
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGALRM); /* GIVE_UP_SECONDS */
    for (size_t i = 0; i < ARRAY_LENGTH(crashes); i++)
        sigaction(crashes[i].number, &action, NULL);
}

void crash_protect_memory(bool debuggable)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (!debuggable)
        prctl(PR_SET_DUMPABLE, 0);
}
