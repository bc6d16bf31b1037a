/** Tests of one part of attribution. */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload.runtime;
