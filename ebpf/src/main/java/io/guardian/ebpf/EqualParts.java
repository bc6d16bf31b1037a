package io.guardian.ebpf;

import java.util.HashMap;
import java.util.Map;

/** Lets images of one look at the machine share their equal parts: most processes have their file with others. */
final class EqualParts {
    private final Map<Object, Object> known = new HashMap<>();

    ProcessImage of(ProcessImage image) {
        return new ProcessImage(
                image.key(),
                one(image.parent()),
                image.ordinal(),
                image.cgroupId(),
                one(image.comm()),
                one(image.exe()),
                one(image.root()),
                image.args(),
                image.argsCut(),
                one(image.credentials()),
                one(image.namespaces()),
                image.namespacePid(),
                image.processGroup(),
                image.session(),
                image.tty());
    }

    private <T> T one(T part) {
        var before = known.putIfAbsent(part, part);
        // Parts that are equal are of one class: texts and records.
        @SuppressWarnings("unchecked")
        T same = (T) (before == null ? part : before);
        return same;
    }
}
