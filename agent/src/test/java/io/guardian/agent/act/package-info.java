/** What is done to real processes, all of them started by the tests, in a cgroup of their own. */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.act;
