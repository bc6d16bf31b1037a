package io.guardian.cli.shell;

import java.util.Optional;

/** Which streams a person sits at, and how to ask them. */
public interface Terminal {
    boolean isOut();

    boolean isErr();

    boolean isIn();

    /** Lines on the screen. */
    int rows();

    /** A line typed by the person, even when stdin is data; empty when nobody can be asked or they ended the input. */
    Optional<String> readLine();

    /** As {@link #readLine}, without showing what is typed. */
    Optional<String> readSecret();

    /** Whether somebody can be asked. */
    boolean canAsk();

    /** Nobody there: all streams are files or pipes. */
    Terminal NONE = new Terminal() {
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
            return false;
        }

        @Override
        public int rows() {
            return 24;
        }

        @Override
        public Optional<String> readLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String> readSecret() {
            return Optional.empty();
        }

        @Override
        public boolean canAsk() {
            return false;
        }
    };
}
