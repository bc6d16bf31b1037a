package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code get rulesets}: rules that cluster policies refer to. */
public final class Rulesets {
    public static final Names<Json.Obj> NAMES = new Names<>("ruleset", Rulesets::uid, Rulesets::name);

    private static final Listing<Json.Obj> LISTING = new Listing<>(
            "rulesets",
            List.of(
                    Column.text("UID", Rulesets::uid),
                    Column.text("NAME", Rulesets::name),
                    Column.text("TYPE", ruleset -> metadata(ruleset).text("type")),
                    Column.number(
                            "VERSION",
                            ruleset -> metadata(ruleset)
                                    .number("version")
                                    .map(Json.Num::digits)
                                    .orElse("N/A")),
                    Column.text("CREATE_TIME", ruleset -> time(ruleset, "creationTimestamp")),
                    Column.text("LAST_UPDATED", ruleset -> time(ruleset, "lastUpdatedTimestamp"))),
            Comparator.comparing(Rulesets::name)
                    .thenComparing(Comparator.comparingLong(Rulesets::version).reversed()),
            Rulesets::uid,
            Rulesets::document);

    private Rulesets() {}

    public static List<Option> options() {
        return List.of(
                Option.value("", "Only this type.", "--type").oneOf("cluster", "container"),
                Option.flag("Every version that ever was.", "--from-archive"),
                Option.value("N", "Only this version, from the archive.", "--version"));
    }

    /** Lists rulesets of the type that {@code --type} gives, or of all. */
    public static int get(Session session) throws UsageException {
        return get(session, session.arguments().value("--type"));
    }

    /** Lists rulesets of one type, or of all. */
    public static int get(Session session, Optional<String> wanted) throws UsageException {
        var arguments = session.arguments();
        int version = arguments.number("--version", 0, 1, Integer.MAX_VALUE);
        String type = wanted.map(name -> "&type=" + name).orElse("");
        boolean archive = arguments.has("--from-archive") || version > 0;
        var found = new ArrayList<>(fetch(session, "from_archive=" + archive + type));
        found.removeIf(ruleset -> version > 0 && version(ruleset) != version);
        var word = arguments.word();
        LISTING.print(session, word.isEmpty() ? found : NAMES.all(found, word.get(), Reaches.ofList(session)));
        return 0;
    }

    /** @param query of the request, such as {@code in_policy=pol:…} */
    public static List<Json.Obj> fetch(Session session, String query) throws UsageException {
        return session.org().sendForList(org -> Call.get("/org/" + org + "/analyticsruleset/?" + query));
    }

    /** The document inside an envelope. */
    public static Json.Obj document(Json.Obj envelope) {
        return envelope.get("ruleset").isPresent() ? envelope.object("ruleset") : envelope;
    }

    private static Json.Obj metadata(Json.Obj envelope) {
        return document(envelope).object("metadata");
    }

    public static String uid(Json.Obj envelope) {
        return metadata(envelope).string("uid").orElseGet(() -> envelope.text("uid"));
    }

    public static String name(Json.Obj envelope) {
        return metadata(envelope).text("name");
    }

    static long version(Json.Obj envelope) {
        return metadata(envelope).number("version").map(Json.Num::asLong).orElse(0L);
    }

    private static String time(Json.Obj ruleset, String key) {
        return Moments.text(metadata(ruleset).get(key).flatMap(Moments::read));
    }
}
