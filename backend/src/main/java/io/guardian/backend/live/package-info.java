/**
 * Which stored policies are about which recorded workloads, right now.
 *
 * <p>In come records as agents sent them; {@link io.guardian.backend.live.RecordSubject} says what selectors can know
 * of one. Start reading there.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.live;
