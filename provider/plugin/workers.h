/*
 * Worker threads, as many as jobs block at once: Terraform's -parallelism decides how many that
 * are. Threads are made on demand, up to WORKERS_MAX; those that stay idle end. Jobs beyond wait in
 * a queue without bound (the server bounds its calls). Thread-safe.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_WORKERS_H
#define OKESTRA_PROVIDER_PLUGIN_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct workers;

/* Embedded in what it works on; belongs to the pool until run() is called. */
struct worker_job {
    struct worker_job *next;
    void (*run)(struct worker_job *job);
};

struct workers *workers_new(void);
void workers_submit(struct workers *workers, struct worker_job *job);
/* Waits until all jobs are done, at most that long. true: they are, and no thread is left. */
bool workers_end(struct workers *workers, int milliseconds);
/* After workers_end() returned true. */
void workers_free(struct workers *workers);
/* Threads that exist now; for tests. */
size_t workers_count(struct workers *workers);

#endif
