package io.guardian.ebpf;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs kernel tests without Maven, in the emulated kernels of {@code scripts/kernels.sh}. Prints what the sensor gets
 * of this kernel, then a line for each test: {@code test ok|skipped|failed SECONDS NAME[: why]}.
 */
final class KernelSmoke implements TestExecutionListener {
    private static final AtomicBoolean telling = new AtomicBoolean();

    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final String place;
    private long startNanos;

    private KernelSmoke(String place) {
        this.place = place;
    }

    /**
     * Run with parts that are separated by {@code --}, all in this one program, since under emulation a program takes
     * long to start. A part is {@code TAG CLASS[,CLASS] [PLACE]}: runs the tests of these classes that are tagged so;
     * the place is added to their names. The classes are told, since to look for them takes seconds there. Or a part is
     * {@code run COMMAND}, which must succeed.
     */
    public static void main(String[] args) throws Exception {
        say("java " + Runtime.version() + " up after " + LibC.clockNanos(LibC.CLOCK_BOOTTIME) / 1_000_000_000 + " s");
        telling.set(true);
        var parts = parts(List.of(args));
        // Said before, so that a part that is never come to is missed.
        parts.stream().filter(part -> !isCommand(part)).forEach(part -> say("guest: tests"));
        boolean good = true;
        for (var part : parts) {
            good &= isCommand(part) ? succeeds(part.subList(1, part.size())) : passes(part);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean isCommand(List<String> part) {
        return !part.isEmpty() && part.getFirst().equals("run");
    }

    private static List<List<String>> parts(List<String> args) {
        int end = args.indexOf("--");
        if (end < 0) {
            return List.of(args);
        }
        return Stream.concat(Stream.of(args.subList(0, end)), parts(args.subList(end + 1, args.size())).stream())
                .toList();
    }

    private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            say("test failed 0.0 KernelSmoke." + String.join("_", command) + ": it ended with " + code);
        }
        return code == 0;
    }

    private static boolean passes(List<String> part) {
        String place = part.size() > 2 ? ", " + part.get(2) : "";
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(part.get(1).split(","))
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .filters(TagFilter.includeTags(part.getFirst()))
                .build();
        var smokeTest = new KernelSmoke(place);
        LauncherFactory.create().execute(request, smokeTest);
        say("tests: " + smokeTest.passed + " passed, " + smokeTest.failed + " failed");
        return smokeTest.failed.get() == 0 && smokeTest.passed.get() > 0;
    }

    /**
     * What the first sensor that the tests open gets of this kernel; said once, and only where this class runs them.
     */
    static void tell(Capabilities capabilities) {
        if (!telling.compareAndSet(true, false)) {
            return;
        }
        for (Capabilities.Program program : capabilities.programs()) {
            say(
                    program.attached()
                            ? "  attaches  " + program.name()
                            : "  without   " + program.name() + ": " + program.reason());
        }
        for (Capabilities.BackEnd backEnd : capabilities.backEnds()) {
            say("back end " + backEnd.part() + ": " + backEnd.choice());
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        startNanos = System.nanoTime();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        line("skipped", test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String why = result.getThrowable().map(Throwable::toString).orElse("");
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    passed.incrementAndGet();
                    line("ok", test, why);
                }
            }
            case ABORTED -> line("skipped", test, why.replaceFirst("^[\\w.]+: ", ""));
            case FAILED -> {
                failed.incrementAndGet();
                line("failed", test, why);
                result.getThrowable().ifPresent(Throwable::printStackTrace);
            }
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        System.out.flush();
    }

    private void line(String outcome, TestIdentifier test, String why) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        List<String> parts = test.getUniqueIdObject().getSegments().stream()
                .skip(1)
                .map(segment -> segment.getValue().replaceFirst(".*\\.", ""))
                .toList();
        String name = String.join(".", parts).replace("()", "") + place;
        say("test %s %.1f %s%s".formatted(outcome, seconds, name, why.isEmpty() ? "" : ": " + firstLine(why)));
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
