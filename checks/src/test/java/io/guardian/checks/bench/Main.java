package io.guardian.checks.bench;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the microbenchmarks; arguments are those of JMH. What is allocated per operation is always reported. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        var given = new CommandLineOptions(arguments);
        var options = new OptionsBuilder().parent(given).addProfiler(GCProfiler.class);
        if (given.getIncludes().isEmpty()) {
            options.include("io\\.guardian\\.checks\\.bench\\..*");
        }
        new Runner(options.build()).run();
    }
}
