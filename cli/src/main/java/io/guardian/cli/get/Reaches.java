package io.guardian.cli.get;

import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;

/** How names are understood in lists. */
final class Reaches {
    private Reaches() {}

    static Names.Reach ofList(Session session) {
        return session.arguments().has("--exact") ? Names.Reach.EXACT : Names.Reach.PARTS;
    }
}
