package io.guardian.core.fingerprint;

/** The text of an executable's path behind the last slash. */
final class ExeName {
    private ExeName() {}

    static String base(String exe) {
        return exe.substring(exe.lastIndexOf('/') + 1);
    }
}
