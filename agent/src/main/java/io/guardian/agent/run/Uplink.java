package io.guardian.agent.run;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.Registration;
import io.guardian.agent.control.RegistrationCall;
import io.guardian.agent.control.RegistrationCode;
import io.guardian.agent.control.SafeTransport;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.state.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The way to the server: who the agent is there, and with what it speaks.
 *
 * @param identity kept on disk from the first registration on
 * @param client sends requests
 * @param credential what they carry
 */
record Uplink(AgentIdentity identity, ServerClient client, Credential credential) {

    /**
     * Registers, or takes what an earlier run left. Waits for the server if the agent never registered with it.
     *
     * @param capabilities what the sensor turned out to be able to do
     */
    static Uplink open(
            AgentOptions options,
            DataFolder data,
            MachineInfo machine,
            BootClock clock,
            List<String> capabilities,
            String version,
            SecureRandom random,
            Log log)
            throws IOException, InterruptedException {
        var client = SafeTransport.to(options.server(), options.insecureHttp(), data, code(options, log), version);
        var registration = new Registration(
                data,
                new RegistrationCall(client, () -> code(options, log), new Backoff(random), log),
                machine,
                clock.bootId(),
                clock.bootWallMicros(),
                version,
                options.clusterName(),
                log);
        registration.capabilities(capabilities);
        String server = options.server().toString();
        var stored = registration.stored(server);
        var known = stored.isPresent() ? stored.get() : registration.register(server);
        var credential = new Credential(
                known.token(), () -> registration.register(server).token());
        return new Uplink(known.identity(), client, credential);
    }

    private static Optional<RegistrationCode> code(AgentOptions options, Log log) {
        return switch (options.code()) {
            case AgentOptions.CodeSource.File(var path) -> {
                try {
                    yield Files.isReadable(path) ? RegistrationCode.parse(Files.readString(path)) : Optional.empty();
                } catch (IOException unreadable) {
                    log.warnLimited("register", "the registration code can't be read", "file", path);
                    yield Optional.empty();
                }
            }
            case AgentOptions.CodeSource.Environment() ->
                Optional.ofNullable(System.getenv("GUARDIAN_REGISTRATION_CODE")).flatMap(RegistrationCode::parse);
        };
    }
}
