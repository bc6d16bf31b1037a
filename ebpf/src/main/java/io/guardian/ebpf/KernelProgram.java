package io.guardian.ebpf;

/** The programs of the object, each with the way it is attached. Names are those of the C functions. */
enum KernelProgram {
    ON_EXEC("on_exec", Attachment.TRACE),
    ON_PREPARE_EXEC("on_prepare_exec", Attachment.TRACE),
    ON_FORK("on_fork", Attachment.TRACE),
    ON_EXIT("on_exit", Attachment.TRACE),
    ON_CGROUP_MKDIR("on_cgroup_mkdir", Attachment.TRACE),
    ON_CGROUP_RMDIR("on_cgroup_rmdir", Attachment.TRACE),
    ON_CGROUP_ATTACH("on_cgroup_attach", Attachment.TRACE),
    ON_TCP_STATE("on_tcp_state", Attachment.TRACE),
    ON_SOCKET("on_socket", Attachment.TRACE),
    ON_CONNECT4("on_connect4", Attachment.CGROUP),
    ON_CONNECT6("on_connect6", Attachment.CGROUP),
    ON_SENDMSG4("on_sendmsg4", Attachment.CGROUP),
    ON_SENDMSG6("on_sendmsg6", Attachment.CGROUP),
    ON_BOUND4("on_bound4", Attachment.CGROUP),
    ON_BOUND6("on_bound6", Attachment.CGROUP),
    ON_RELEASE("on_release", Attachment.CGROUP),
    ON_INGRESS("on_ingress", Attachment.CGROUP),
    ON_EGRESS("on_egress", Attachment.CGROUP),
    EACH_TASK("each_task", Attachment.ITERATOR),
    EACH_USER("each_user", Attachment.ITERATOR),
    EACH_SOCKET("each_socket", Attachment.ITERATOR),
    EACH_OTHER_SOCKET("each_other_socket", Attachment.ITERATOR);

    /** Where a program hangs. */
    enum Attachment {
        /** At a tracepoint or a function of the kernel, for the whole machine. */
        TRACE,
        /** At each watched cgroup, or at the root of the v2 hierarchy. */
        CGROUP,
        /** Nowhere: runs when it is read. */
        ITERATOR
    }

    private final String function;
    private final Attachment attachment;

    KernelProgram(String function, Attachment attachment) {
        this.function = function;
        this.attachment = attachment;
    }

    String function() {
        return function;
    }

    /** Without it no process can be followed, and the sensor is no sensor. */
    boolean isEssential() {
        return this == ON_EXEC || this == ON_FORK || this == ON_EXIT;
    }

    /**
     * Sharpens what others see too: kernels before 6.10 have no tracepoint for preparing an exec, and some let no probe
     * be attached to the making of a socket.
     */
    boolean isOptional() {
        return this == ON_PREPARE_EXEC || this == ON_SOCKET;
    }

    Attachment attachment() {
        return attachment;
    }
}
