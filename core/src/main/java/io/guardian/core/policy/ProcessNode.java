package io.guardian.core.policy;

import io.guardian.core.net.PortRange;
import java.util.List;
import java.util.stream.Stream;

/**
 * One allowed process and what it may start.
 *
 * @param name kernel command name at exec, or a glob
 * @param exe paths of the executable inside its own mount namespace, or globs; at least one
 * @param id unique in its document
 * @param euser effective users; empty means those of the parent node (never empty on a root)
 * @param sockets what it may listen on
 * @param children what it may start; empty allows nothing
 */
public record ProcessNode(
        String name,
        List<String> exe,
        String id,
        List<String> euser,
        ListeningSockets sockets,
        List<ProcessNode> children) {

    public ProcessNode {
        exe = List.copyOf(exe);
        euser = List.copyOf(euser);
        children = List.copyOf(children);
    }

    /** Which sockets a process may open. */
    public sealed interface ListeningSockets {
        ListeningSockets ANY = new Any();

        /** The document has no {@code listeningSockets}. */
        record Any() implements ListeningSockets {}

        record Listed(List<PortRange> ports) implements ListeningSockets {
            public Listed {
                ports = List.copyOf(ports);
            }
        }
    }

    public ProcessNode withChildren(List<ProcessNode> newChildren) {
        return new ProcessNode(name, exe, id, euser, sockets, newChildren);
    }

    public ProcessNode withId(String newId) {
        return new ProcessNode(name, exe, newId, euser, sockets, children);
    }

    public ProcessNode withEuser(List<String> newEuser) {
        return new ProcessNode(name, exe, id, newEuser, sockets, children);
    }

    /** This node and all below it, parents before children, in document order. */
    public Stream<ProcessNode> subtree() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(ProcessNode::subtree));
    }
}
