/**
 * Deletes the pods that the server asks to be killed.
 *
 * <p>In: actions. Out: results, and as a side effect deletions, each guarded by
 * {@link io.guardian.cluster.act.KillGuards} and bound to one pod by its uid. Start reading at
 * {@link io.guardian.cluster.act.PodKiller}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.act;
