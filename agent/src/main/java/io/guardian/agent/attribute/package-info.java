/**
 * Who did it: from kernel records to images, connections and sockets of workloads.
 *
 * <p>In come records in the order of what happened and what is known of workloads; out go records to send, and calls to
 * a {@link io.guardian.agent.attribute.Observer} for everything that has to be judged. All state here belongs to the
 * pipeline's one thread. Nothing here reads a clock or a socket.
 *
 * <p>Start reading at {@link io.guardian.agent.attribute.ProcessTracker}; the tree that policies speak of is
 * {@link io.guardian.agent.attribute.Image}. Connections and sockets begin at
 * {@link io.guardian.agent.attribute.NetworkTracker}, and what is kept on disk of all this at
 * {@link io.guardian.agent.attribute.KeptState}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.attribute;
