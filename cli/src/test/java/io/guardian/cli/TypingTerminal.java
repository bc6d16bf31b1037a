package io.guardian.cli;

import io.guardian.cli.shell.Terminal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** A person who types prepared lines and then ends the input. */
final class TypingTerminal implements Terminal {
    private final ArrayDeque<String> lines;

    TypingTerminal(List<String> lines) {
        this.lines = new ArrayDeque<>(lines);
    }

    @Override
    public boolean isOut() {
        return false;
    }

    @Override
    public boolean isErr() {
        return false;
    }

    @Override
    public boolean isIn() {
        return true;
    }

    @Override
    public int rows() {
        return 24;
    }

    @Override
    public boolean canAsk() {
        return true;
    }

    @Override
    public Optional<String> readLine() {
        return Optional.ofNullable(lines.poll());
    }

    @Override
    public Optional<String> readSecret() {
        return readLine();
    }
}
