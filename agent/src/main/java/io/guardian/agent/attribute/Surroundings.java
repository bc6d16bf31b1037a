package io.guardian.agent.attribute;

import io.guardian.agent.workload.UserNames;

/**
 * What of the machine itself it takes to say who a process is.
 *
 * @param users names of users of what is in no workload
 * @param view the machine's root, which services have too
 * @param mounts what else is mounted on the machine
 * @param numbers how other user namespaces number users
 */
public record Surroundings(UserNames users, RootView view, MountPoints mounts, UserNumbers numbers) {}
