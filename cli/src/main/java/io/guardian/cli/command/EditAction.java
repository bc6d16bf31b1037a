package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code edit}: a file, or what the server keeps, in the person's editor, checked when it is saved. */
final class EditAction {
    private final Session session;

    private EditAction(Session session) {
        this.session = session;
    }

    static Command.Body<Action> body() {
        return Command.does((Action) session -> new EditAction(session).run())
                .describe("Opens a file, or an object the server keeps, in your editor (VISUAL, EDITOR or vi). What you"
                        + " save is checked; while it is wrong the editor opens again with the problems on top. A file is"
                        + " never sent to the server.")
                .words(new Positional("RESOURCE NAME_OR_UID | FILE", "What to edit.", 0, 2))
                .option(Option.value("FILE", "The file to edit.", "-f", "--filename"))
                .option(CommonOptions.YES)
                .example("spyctl edit policy.yaml", "a file")
                .example("spyctl edit policy mongo-policy", "a policy on the server")
                .build();
    }

    private int run() throws UsageException {
        var words = session.arguments().words();
        var file = session.arguments().value("--filename").or(() -> fileAmong(words));
        if (file.isPresent()) {
            return editFile(file.get());
        }
        if (words.size() < 2) {
            throw new UsageException("give a file, or a resource and a name, such as `edit policy NAME`");
        }
        String resource = words.getFirst().toLowerCase(Locale.ROOT);
        return switch (EditableResource.of(resource)) {
            case POLICY -> editPolicy(words.get(1));
            case RULESET -> editRuleset(words.get(1));
        };
    }

    private Optional<String> fileAmong(List<String> words) {
        if (words.size() != 1) {
            return Optional.empty();
        }
        String word = words.getFirst();
        boolean named = word.endsWith(".yaml") || word.endsWith(".yml") || word.endsWith(".json");
        boolean exists = Files.isRegularFile(session.world().path(word));
        return named || exists ? Optional.of(word) : Optional.empty();
    }

    private int editFile(String name) {
        String text = new String(InputFiles.bytes(session, name), StandardCharsets.UTF_8);
        var edited = new EditSession(session, name).edit(text, _ -> Optional.empty());
        if (edited.isEmpty()) {
            session.talk().say("Edit cancelled, no changes made.");
            return 0;
        }
        var path = session.world().path(name);
        try {
            var target = path.toRealPath();
            var fresh = Files.createTempFile(target.toAbsolutePath().getParent(), ".spyctl", ".new");
            Files.writeString(fresh, edited.get().text());
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw Failure.because(
                    "cannot write `" + name + "`: " + unwritable.getMessage(),
                    List.of(" your text is kept in " + edited.get().keep()));
        }
        edited.get().forget();
        session.talk().say("Successfully edited resource file '" + name + "'");
        return 0;
    }

    private int editPolicy(String name) throws UsageException {
        var envelope = Policies.NAMES.one(Policies.fetch(session, Optional.empty(), false), name, Names.Reach.PARTS);
        var stored = Policies.document(envelope);
        return editStored(stored, stored.object("metadata").text("type") + "-policy", document -> {
            var writer = new PolicyWriter(session);
            writer.confirmEnforcement(document);
            var _ = writer.update(
                    document, Optional.of(Policies.version(envelope)).filter(version -> version > 0));
        });
    }

    private int editRuleset(String name) throws UsageException {
        var envelope = Rulesets.NAMES.one(Rulesets.fetch(session, "from_archive=false"), name, Names.Reach.PARTS);
        var stored = Rulesets.document(envelope);
        return editStored(stored, stored.object("metadata").text("type") + "-ruleset", document -> {
            var writer = new RulesetWriter(session);
            writer.warnOfUsers(document);
            var version = stored.object("metadata").number("version").map(Json.Num::asLong);
            var _ = writer.update(document, version.filter(number -> number > 0));
        });
    }

    /** Sends an edited document. */
    private interface Sending {
        void send(Json.Obj document) throws UsageException;
    }

    private int editStored(Json.Obj stored, String what, Sending sending) throws UsageException {
        String uid = stored.object("metadata").text("uid");
        var edited = new EditSession(session, what)
                .edit(YamlWriter.write(stored), document -> keepsIdentity(document, stored));
        if (edited.isEmpty()) {
            session.talk().say("Edit cancelled, no changes made.");
            return 0;
        }
        try {
            sending.send(edited.get().document().source());
        } catch (ApiException refused) {
            var failure = refused.toFailure();
            String changed = refused.status() == 409
                    ? "somebody else changed it in the meantime: " + refused.reason()
                    : failure.reason();
            throw kept(Failure.because(changed, failure.more()), edited.get());
        } catch (Failure failure) {
            throw kept(failure, edited.get());
        }
        edited.get().forget();
        session.talk().say("Successfully edited " + what + " '" + uid + "'");
        return 0;
    }

    private static Failure kept(Failure failure, EditSession.Edited edited) {
        var more = new java.util.ArrayList<>(failure.more());
        more.add(" your text is kept in " + edited.keep());
        return Failure.because(failure.reason(), more);
    }

    /** What is wrong with a document that no longer is the one that was opened. */
    private static Optional<String> keepsIdentity(Document edited, Json.Obj stored) {
        var before = stored.object("metadata");
        var after = edited.source().object("metadata");
        if (!edited.source().text("kind").equals(stored.text("kind"))) {
            return Optional.of("kind: it can't be changed, it was `" + stored.text("kind") + "`");
        }
        for (String key : List.of("uid", "type")) {
            if (!after.text(key).equals(before.text(key))) {
                return Optional.of("metadata." + key + ": it can't be changed, it was `" + before.text(key) + "`");
            }
        }
        return Optional.empty();
    }
}
