/**
 * What was observed, as typed records and as the JSON that travels and is stored.
 *
 * <p>In comes one JSON object per line, out comes an {@link io.guardian.core.event.Event}, and the other way round.
 * Every kind is one row of {@link io.guardian.core.event.EventKind}. Kinds that only the server makes (flags, traces,
 * logs) are not here: nothing but their writer looks into them.
 *
 * <p>Start reading at {@link io.guardian.core.event.Event}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.event;
