package io.guardian.core.decide;

import io.guardian.core.selector.Glob;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The effective users that one node allows. */
record UserPatterns(Set<String> exact, List<Glob> globs) {

    static UserPatterns of(List<String> users) {
        return new UserPatterns(
                users.stream().filter(Glob::isExact).collect(Collectors.toUnmodifiableSet()),
                users.stream().filter(user -> !Glob.isExact(user)).map(Glob::of).toList());
    }

    boolean allow(String user) {
        if (exact.contains(user)) {
            return true;
        }
        for (int i = 0; i < globs.size(); i++) {
            if (globs.get(i).matches(user)) {
                return true;
            }
        }
        return false;
    }
}
