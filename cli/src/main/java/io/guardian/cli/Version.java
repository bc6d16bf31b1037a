package io.guardian.cli;

import java.io.IOException;
import java.util.Properties;

/** Which spyctl this is. */
final class Version {
    private Version() {}

    /** {@code spyctl, version 0.1.0 (3142c09)}. */
    static String text() {
        var properties = new Properties();
        try (var in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException _) {
            // Then the version is not known, which is said below.
        }
        // The launcher of a checkout knows the commit at its start; a packaged build carries it.
        String commit = System.getProperty("guardian.commit", properties.getProperty("commit", "unknown"));
        return "spyctl, version " + properties.getProperty("version", "unknown") + " (" + commit + ")";
    }
}
