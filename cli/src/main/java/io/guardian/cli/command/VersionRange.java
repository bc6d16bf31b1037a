package io.guardian.cli.command;

import io.guardian.cli.get.Policies;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import java.util.List;

/** Two versions of a policy, as {@code N..M} or as {@code N} for up to the newest. */
record VersionRange(long from, long to) {
    static VersionRange parse(String text, long newest) throws UsageException {
        int dots = text.indexOf("..");
        try {
            long from = Long.parseLong(dots < 0 ? text : text.substring(0, dots));
            return new VersionRange(from, dots < 0 ? newest : Long.parseLong(text.substring(dots + 2)));
        } catch (NumberFormatException _) {
            throw new UsageException("invalid versions `" + text + "`: give N or N..M");
        }
    }

    /** The document of one version. */
    static Json.Obj document(List<Json.Obj> versions, long wanted) {
        return versions.stream()
                .filter(version -> Policies.version(version) == wanted)
                .map(Policies::document)
                .findFirst()
                .orElseThrow(() -> Failure.because("there is no version " + wanted));
    }
}
