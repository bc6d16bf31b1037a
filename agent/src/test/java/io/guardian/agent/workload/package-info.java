/** Tests of attribution, on made-up folders and on real runtimes. */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.workload;
