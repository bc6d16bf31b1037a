/**
 * What every request has in common: finding the endpoint, who is calling, bodies with limits, answers in the agreed
 * forms, errors as one line, idempotency and the audit log.
 *
 * <p>The resources themselves are values: a list of {@link io.guardian.backend.http.Endpoint}s, each with its path, the
 * access it needs and a handler that returns an {@link io.guardian.backend.http.Answer} or throws a
 * {@link io.guardian.backend.http.Refusal}. Start reading at {@link io.guardian.backend.http.Dispatcher}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.http;
