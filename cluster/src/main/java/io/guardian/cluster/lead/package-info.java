/** Which of several replicas leads: the holder of a lease. Only the leader reports and deletes. */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.lead;
