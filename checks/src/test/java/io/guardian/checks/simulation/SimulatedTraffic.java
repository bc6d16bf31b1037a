package io.guardian.checks.simulation;

import io.guardian.checks.simulation.SimulatedInstance.Asked;
import io.guardian.checks.simulation.SimulatedProcess.SimulatedConnection;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.RecordBytes.End;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What simulated processes send and take: TCP in both ways, UDP, and names that they ask for before they connect. */
final class SimulatedTraffic {
    private static final int LISTENER_PORT = Template.LISTENS;
    private static final End NOWHERE = new End("0.0.0.0", 0);

    private final SimulatedKernel kernel;
    private final MachineTruth truth;
    private final SplittableRandom random;
    private final double strays;
    private final Consumer<ProcessKey> wentAstray;
    private long nextCookie = 1;

    /**
     * @param strays how many of all connections go where no policy lets them go
     * @param wentAstray hears of who made one
     */
    SimulatedTraffic(
            SimulatedKernel kernel,
            MachineTruth truth,
            SplittableRandom random,
            double strays,
            Consumer<ProcessKey> wentAstray) {
        this.kernel = kernel;
        this.truth = truth;
        this.random = random;
        this.strays = strays;
        this.wentAstray = wentAstray;
    }

    void listen(SimulatedInstance instance) {
        instance.listener = nextCookie++;
        kernel.write(kernel.record(instance.processes.getFirst())
                .listen(instance.listener, new End("10.1.1.1", LISTENER_PORT)));
    }

    void unlisten(SimulatedInstance instance) {
        kernel.write(kernel.record(instance.processes.getFirst())
                .close(instance.listener, new End("10.1.1.1", LISTENER_PORT), NOWHERE, 0));
    }

    void connect(SimulatedProcess process) {
        if (process.connections.size() >= 4) {
            close(process);
            return;
        }
        if (random.nextDouble() < strays) {
            stray(process);
            return;
        }
        int port = process.place.map(Template::port).orElse(5001);
        int dice = random.nextInt(100);
        if (dice < 15) {
            udp(process, port);
        } else if (dice < 30 && process.instance.isPresent()) {
            ask(process, process.instance.get());
        } else {
            tcp(process, Template.EGRESS, port, false);
        }
    }

    /** Where no policy lets it go, though somebody may have told it a name for that. */
    private void stray(SimulatedProcess process) {
        wentAstray.accept(process.key);
        String remote = "203.0.113." + random.nextInt(1, 250);
        if (random.nextInt(4) == 0) {
            var forged = SimulatedNames.Question.drawn(random).forged(remote);
            kernel.write(kernel.record(process).dnsAnswer(nextCookie++, SimulatedNames.FORGER, forged.answer()));
        }
        tcp(process, remote, process.place.map(Template::port).orElse(5001), true);
    }

    private void tcp(SimulatedProcess process, String remote, int port, boolean stray) {
        long cookie = nextCookie++;
        var connection = new SimulatedConnection(
                Protocol.TCP, cookie, remote, 20_000 + (int) (cookie % 40_000), port, false, process.image.uid);
        boolean told = kernel.write(kernel.record(process).connect(cookie, new End(remote, port)));
        if (told && (stray || process.astray)) {
            truth.deviating();
        }
        process.connections.add(connection);
        kernel.write(kernel.record(process)
                .established(cookie, new End("10.1.1.1", connection.localPort()), new End(remote, port)));
    }

    private void udp(SimulatedProcess process, int port) {
        long cookie = nextCookie++;
        boolean told = kernel.write(kernel.record(process).connectUdp(cookie, new End(Template.EGRESS, port)));
        if (told && process.astray) {
            truth.deviating();
        }
        process.connections.add(
                new SimulatedConnection(Protocol.UDP, cookie, Template.EGRESS, 0, port, false, process.image.uid));
    }

    private void ask(SimulatedProcess process, SimulatedInstance instance) {
        var asked = new Asked(process, nextCookie++, SimulatedNames.Question.drawn(random));
        kernel.write(kernel.record(process)
                .dnsQuery(
                        asked.cookie(),
                        SimulatedNames.RESOLVER,
                        asked.question().query()));
        instance.asked.add(asked);
    }

    /** The answer to the oldest question comes, and whoever asked goes there. */
    void answer(SimulatedInstance instance) {
        var asked = instance.asked.removeFirst();
        var process = asked.process();
        if (!process.gone) {
            kernel.write(kernel.record(process)
                    .dnsAnswer(
                            asked.cookie(),
                            SimulatedNames.RESOLVER,
                            asked.question().answer()));
            // The kernel tells of an answer before anybody has it.
            kernel.pass(1000);
            tcp(process, asked.question().address(), Template.NAMED, false);
        }
    }

    void accept(SimulatedProcess process) {
        if (process.connections.size() >= 8) {
            close(process);
            return;
        }
        long cookie = nextCookie++;
        var connection = new SimulatedConnection(
                Protocol.TCP,
                cookie,
                Template.CLIENT,
                LISTENER_PORT,
                20_000 + (int) (cookie % 40_000),
                true,
                process.image.uid);
        kernel.write(kernel.record(process)
                .accept(cookie, new End("10.1.1.1", LISTENER_PORT), new End(Template.CLIENT, connection.remotePort())));
        process.connections.add(connection);
    }

    void close(SimulatedProcess process) {
        if (process.connections.isEmpty()) {
            if (random.nextBoolean()) {
                connect(process);
            }
            return;
        }
        var connection = process.connections.removeFirst();
        var record = kernel.record(process);
        kernel.write(
                switch (connection.protocol()) {
                    case UDP -> record.closeUdp(connection.cookie());
                    case TCP ->
                        record.close(
                                connection.cookie(),
                                new End("10.1.1.1", connection.localPort()),
                                new End(connection.remote(), connection.remotePort()),
                                connection.bytes());
                });
        truth.settled(connection.name(), "closed " + connection.bytes());
    }

    void closeAll(SimulatedProcess process) {
        while (!process.connections.isEmpty()) {
            close(process);
        }
    }
}
