/**
 * Just enough gRPC to ask a container runtime of this machine: calls without streaming from the client, one at a time,
 * over a unix socket, without TLS and without a thread of its own.
 *
 * <p>In come a method's path and an encoded message, out comes a {@link io.guardian.agent.workload.grpc.GrpcAnswer}. A
 * library for it would take a third of the agent's memory (docs/decisions/0030). What the peer sends is never trusted:
 * every length has a limit, every wait a deadline, and a connection on which anything is odd is given up.
 *
 * <p>Sources: HTTP/2 (RFC 9113), HPACK (RFC 7541), the gRPC protocol over HTTP/2 and the Protocol Buffers encoding,
 * both as documented by their projects. Start reading at {@link io.guardian.agent.workload.grpc.GrpcClient}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.grpc;
