package io.guardian.checks.simulation;

/** Ends a simulated program at once: nothing that only catches what can go wrong may catch it. */
final class Killed extends Error {
    Killed() {
        super("killed by the simulation", null, false, false);
    }
}
