/** Tests of the gRPC client, against facts of its RFCs and a peer that plays tricks. */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.grpc;
