package io.guardian.agent.workload.runtime;

/** This machine in the words of image manifests; a container runs natively, whatever else its image could be. */
final class Platform {

    private Platform() {}

    /** Such as {@code amd64} or {@code arm64}. */
    static String architecture() {
        String java = System.getProperty("os.arch", "");
        return java.equals("aarch64") ? "arm64" : java;
    }

    /** Such as {@code linux/amd64}. */
    static String text() {
        return "linux/" + architecture();
    }
}
