package io.guardian.backend.meta;

/**
 * A machine as its node agent registered it.
 *
 * @param machineId lasting name of the installation, as the agent said it
 * @param hostname the machine's name, which an agent in a cluster takes from its node
 */
public record RegisteredMachine(String muid, String machineId, String hostname) {}
