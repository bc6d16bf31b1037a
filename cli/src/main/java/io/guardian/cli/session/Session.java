package io.guardian.cli.session;

import io.guardian.cli.api.ApiClient;
import io.guardian.cli.api.Trace;
import io.guardian.cli.config.Settings;
import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Printer;
import io.guardian.cli.shell.Prompt;
import io.guardian.cli.shell.Talk;
import io.guardian.cli.shell.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One call of a command and all it needs; what costs time is made when first asked for. */
public final class Session {
    private final World world;
    private final Talk talk;
    private final Arguments arguments;
    private final Prompt prompt;
    private final Printer printer;
    private final Instant now;
    private Optional<Settings> settings = Optional.empty();
    private Optional<Target> target = Optional.empty();
    private Optional<OrgClient> org = Optional.empty();

    public Session(World world, Talk talk, Arguments arguments) {
        this.world = world;
        this.talk = talk;
        this.arguments = arguments;
        this.prompt = new Prompt(world, talk, arguments.has("--yes"));
        this.printer = new Printer(world.out());
        this.now = world.clock().instant();
    }

    public World world() {
        return world;
    }

    public Talk talk() {
        return talk;
    }

    public Arguments arguments() {
        return arguments;
    }

    public Prompt prompt() {
        return prompt;
    }

    public Printer printer() {
        return printer;
    }

    /** The moment at which the command began. */
    public Instant now() {
        return now;
    }

    public Settings settings() {
        if (settings.isEmpty()) {
            settings = Optional.of(Settings.of(world));
        }
        return settings.get();
    }

    private Target target() {
        if (target.isEmpty()) {
            target = Optional.of(Target.choose(this));
            settings().warnings().forEach(talk::warn);
        }
        return target.get();
    }

    /** A client for a server, with the timeouts and traces this call asks for. */
    public ApiClient client(io.guardian.cli.api.Server server) throws UsageException {
        var trace = new Trace(world, arguments.has("--debug"), arguments.has("--log-request-times"));
        return new ApiClient(server, world, talk, Globals.timeout(arguments), trace);
    }

    /** The server, seen as the organisation this call is about. */
    public OrgClient org() throws UsageException {
        if (org.isEmpty()) {
            org = Optional.of(new OrgClient(client(target().server()), target().organization(), settings()));
        }
        return org.get();
    }

    /** Filters of the context, by their key in the file. */
    public Map<String, List<String>> contextFilters() {
        return target().filters();
    }

    /** Whether stdout may be coloured. */
    public boolean colour() {
        return Globals.colour(world, arguments, world.terminal().isOut());
    }
}
