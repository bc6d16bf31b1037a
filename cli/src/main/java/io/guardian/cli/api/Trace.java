package io.guardian.cli.api;

import io.guardian.cli.shell.World;
import java.time.Duration;
import java.time.Instant;

/** One stderr line a request, for {@code --debug} and {@code --log-request-times}. Keys are masked. */
public final class Trace {
    private final World world;
    private final boolean details;
    private final boolean times;

    public Trace(World world, boolean details, boolean times) {
        this.world = world;
        this.details = details;
        this.times = times;
    }

    /** A request on its way. */
    final class Started {
        private final Call call;
        private final Server server;
        private final Instant began;

        private Started(Call call, Server server, Instant began) {
            this.call = call;
            this.server = server;
            this.began = began;
        }

        void answered(int status, String contextUid) {
            line(status + " context uid " + (contextUid.isEmpty() ? "none" : contextUid));
        }

        void failed(String why) {
            line("failed: " + why);
        }

        private void line(String outcome) {
            if (!details && !times) {
                return;
            }
            long millis = Duration.between(began, world.clock().instant()).toMillis();
            String what = details
                    ? call.method() + " " + server.url() + "/api/v1" + call.path() + " (key "
                            + Server.mask(server.key()) + ") " + outcome
                    : call.method() + " /api/v1" + call.path();
            world.err().println(what + " " + millis + " ms");
        }
    }

    Started begin(Call call, Server server) {
        return new Started(call, server, world.clock().instant());
    }
}
