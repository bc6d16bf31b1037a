package io.guardian.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of this process. Whether a stream is one is read from where {@code /proc/self/fd} points, which costs
 * nothing at start, unlike {@code System.console()}.
 */
final class DeviceTerminal implements Terminal {
    private static final Path DEVICE = Path.of("/dev/tty");

    @Override
    public boolean isOut() {
        return isTerminal(1);
    }

    @Override
    public boolean isErr() {
        return isTerminal(2);
    }

    @Override
    public boolean isIn() {
        return isTerminal(0);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public int rows() {
        try {
            return Integer.parseInt(stty("size").split(" ", 2)[0].strip());
        } catch (NumberFormatException _) {
            return 24;
        }
    }

    @Override
    public boolean canAsk() {
        try (var device = Files.newInputStream(DEVICE)) {
            return device != null;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public Optional<String> readLine() {
        try (var device =
                new BufferedReader(new InputStreamReader(Files.newInputStream(DEVICE), StandardCharsets.UTF_8))) {
            return Optional.ofNullable(device.readLine());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> readSecret() {
        var restore = new Thread(() -> stty("echo"));
        Runtime.getRuntime().addShutdownHook(restore);
        stty("-echo");
        try {
            return readLine();
        } finally {
            stty("echo");
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }

    private static String stty(String argument) {
        try {
            var process = new ProcessBuilder("stty", argument)
                    .redirectInput(DEVICE.toFile())
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(2, TimeUnit.SECONDS);
            return ended ? answer : "";
        } catch (IOException _) {
            return "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
