package io.guardian.agent.run;

import io.guardian.agent.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real agent in a process of its own. */
final class RunningAgent implements AutoCloseable {
    private final Process process;
    private final String ready;

    private RunningAgent(Process process, String ready) {
        this.process = process;
        this.ready = ready;
    }

    /** The line that says it is ready. */
    String ready() {
        return ready;
    }

    /** Starts it and waits until it says that it's ready. */
    static RunningAgent start(String server, Path data, String pin, Path cgroup, List<String> more) throws IOException {
        return start(List.of(), server, data, pin, cgroup, more);
    }

    /** @param wrapper a program that starts the agent in its way */
    static RunningAgent start(
            List<String> wrapper, String server, Path data, String pin, Path cgroup, List<String> more)
            throws IOException {
        var words = new ArrayList<>(wrapper);
        words.addAll(java());
        words.addAll(List.of("run", "--server", server, "--data", data.toString(), "--pin", pin));
        words.addAll(List.of("--ring-mib", "1", "--only-cgroup", cgroup.toString()));
        words.addAll(more);
        var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("GUARDIAN_REGISTRATION_CODE", "made-up"));
        var process = builder.start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("ready")) {
            process.destroyForcibly();
            throw new IOException("the agent did not become ready: " + line);
        }
        return new RunningAgent(process, line);
    }

    static void uninstall(Path data, String pin) throws IOException, InterruptedException {
        var words = new ArrayList<>(java());
        words.addAll(List.of("uninstall", "--data", data.toString(), "--pin", pin));
        new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }

    /** As a power cut for the process: nothing can be written any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        // A wrapper may wait for the agent and pass no signal on.
        process.children().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
