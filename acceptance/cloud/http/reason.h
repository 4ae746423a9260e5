/* Reason phrases of HTTP statuses (RFC 9110 §15). */
#ifndef OKESTRA_CLOUD_REASON_H
#define OKESTRA_CLOUD_REASON_H

const char *http_reason(int status); /* never NULL */

#endif
