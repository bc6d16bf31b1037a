package io.guardian.core.fingerprint;

import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.text.CodePointOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The images of a workload, each with its node in a tree in which siblings of one name and one base name of the
 * executable are one node from the start, which is what the join would make of them.
 *
 * <p>Images are kept apart from nodes because folding compares an image with the very image it came from: a node may
 * stand for several users, and a change between two of them is still a change.
 */
final class ImageTree {
    /** Stands for the parent of a root. */
    static final int TOP = -1;

    private final List<Image> images = new ArrayList<>();
    private final Map<Image, Integer> imageIndex = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Place, Integer> nodeIndex = new HashMap<>();
    private final List<Integer> nodeOfImage = new ArrayList<>();
    private long facts;

    private record Image(int parent, String name, String exe, String euser) {}

    private record Place(int parentNode, String name, String base) {}

    private record Node(String name, int parent, int depth, Set<String> exe, Set<String> users) {}

    /** The handle of the image, a new one or one that is there; {@link FingerprintBuilder#LEFT_OUT} beyond a limit. */
    int add(int parent, String name, String exe, String euser) {
        var image = new Image(parent, name, exe, euser);
        var known = imageIndex.get(image);
        if (known != null) {
            return known;
        }
        int parentNode = parent == TOP ? TOP : node(parent);
        int depth = parent == TOP ? 1 : nodes.get(parentNode).depth + 1;
        if (depth > FingerprintBuilder.MAX_DEPTH || images.size() >= FingerprintBuilder.MAX_NODES) {
            return FingerprintBuilder.LEFT_OUT;
        }
        int number = nodeIndex.computeIfAbsent(new Place(parentNode, name, ExeName.base(exe)), _ -> {
            nodes.add(new Node(name, parentNode, depth, texts(), texts()));
            return nodes.size() - 1;
        });
        var node = nodes.get(number);
        boolean newExe = node.exe.add(exe);
        boolean newUser = node.users.add(euser);
        facts += newExe || newUser ? 1 : 0;
        images.add(image);
        nodeOfImage.add(number);
        imageIndex.put(image, images.size() - 1);
        return images.size() - 1;
    }

    private static Set<String> texts() {
        return new TreeSet<>(CodePointOrder.INSTANCE);
    }

    /** Grows when an image showed something new. */
    long facts() {
        return facts;
    }

    int parent(int image) {
        return images.get(image).parent;
    }

    /** The node that stands for an image. */
    int node(int image) {
        return nodeOfImage.get(image);
    }

    boolean isSame(int index, String name, String exe, String euser) {
        var image = images.get(index);
        return image.name.equals(name) && image.exe.equals(exe) && image.euser.equals(euser);
    }

    /** Id of a node in {@link #roots}. */
    static String id(int node) {
        return "n" + node;
    }

    List<ProcessNode> roots() {
        var children = new ArrayList<List<Integer>>();
        for (int i = 0; i <= nodes.size(); i++) {
            children.add(new ArrayList<>());
        }
        for (int i = 0; i < nodes.size(); i++) {
            children.get(nodes.get(i).parent + 1).add(i);
        }
        return build(children, TOP);
    }

    private List<ProcessNode> build(List<List<Integer>> children, int parent) {
        return children.get(parent + 1).stream()
                .map(index -> new ProcessNode(
                        nodes.get(index).name,
                        List.copyOf(nodes.get(index).exe),
                        id(index),
                        List.copyOf(nodes.get(index).users),
                        ListeningSockets.ANY,
                        build(children, index)))
                .toList();
    }
}
