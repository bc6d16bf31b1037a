package io.guardian.core.ruleset;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.ruleset.TargetVerdict.Allowed;
import io.guardian.core.ruleset.TargetVerdict.Denied;
import io.guardian.core.ruleset.TargetVerdict.Held;
import io.guardian.core.ruleset.TargetVerdict.NotConstrained;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the rules of a policy say of a container, per target. It deviates when any target is denied. */
public record ContainerVerdict(Map<Target, TargetVerdict> targets) {
    public ContainerVerdict {
        targets = Collections.unmodifiableMap(new EnumMap<>(targets));
    }

    public boolean isDenied() {
        return targets.values().stream().anyMatch(Denied.class::isInstance);
    }

    /** Whether some target can't be judged yet; others may be denied all the same. */
    public boolean isHeld() {
        return targets.values().stream().anyMatch(Held.class::isInstance);
    }

    /** Why each denied target is denied. */
    public List<Explanation> denials() {
        return targets.values().stream()
                .flatMap(verdict -> switch (verdict) {
                    case Denied(var why) -> Stream.of(why);
                    case Allowed _, Held _, NotConstrained _ -> Stream.<Explanation>empty();
                })
                .toList();
    }

    /** Why each target that was judged is allowed or denied. */
    public List<Explanation> explanations() {
        return targets.values().stream()
                .flatMap(verdict -> switch (verdict) {
                    case Allowed(var why) -> Stream.of(why);
                    case Denied(var why) -> Stream.of(why);
                    case Held _, NotConstrained _ -> Stream.<Explanation>empty();
                })
                .toList();
    }
}
