package io.guardian.core.id;

import java.util.Optional;

/**
 * The name of a container image, in the full form that two people who mean the same image both get: registry,
 * repository path, and a tag or digest, always written ({@code redis} is {@code docker.io/library/redis:latest}).
 *
 * <p>The grammar and the defaults are those of the distribution project's {@code reference} package, which Docker,
 * containerd, podman and Kubernetes share. Two of its traits surprise: a first part names a registry only when it holds
 * a dot, a colon or an upper-case letter or is {@code localhost}, and a reference may carry both a tag and a digest, of
 * which the digest decides what is pulled; both are kept here. A path has at most 255 characters, a tag 128; a digest
 * is of SHA-256, SHA-384 or SHA-512, in lower case.
 *
 * @param registry host with an optional port, {@code docker.io} when none was written
 * @param repository path below the registry, in lower case, one or more parts with {@code /} between
 * @param tag what stands behind the colon; the empty text only when there is a digest
 * @param digest {@code algorithm:hex}; the empty text when none was written
 */
public record ImageReference(String registry, String repository, String tag, String digest) {

    private static final String DEFAULT_REGISTRY = "docker.io";
    private static final String OFFICIAL = "library/";
    private static final String DEFAULT_TAG = "latest";
    private static final int TEXT_CHARS_MAX = 1024;

    public ImageReference {
        if (!ImageGrammar.isRegistry(registry)) {
            throw new IllegalArgumentException("`" + registry + "` is not a registry host");
        }
        if (!ImageGrammar.isPath(repository)) {
            throw new IllegalArgumentException("`" + repository + "` is not a repository path");
        }
        if (tag.isEmpty() ? digest.isEmpty() : !ImageGrammar.isTag(tag)) {
            throw new IllegalArgumentException("`" + tag + "` is not a tag, and an image needs a tag or a digest");
        }
        if (!digest.isEmpty() && !ImageGrammar.isDigest(digest)) {
            throw new IllegalArgumentException("`" + digest + "` is not a digest");
        }
    }

    /**
     * Reads a reference as people write it and fills in what they leave out.
     *
     * @return empty when the text breaks the grammar, is longer than 1,024 characters, or is a bare image id (64 hex
     *     digits, with or without {@code sha256:}), which names no repository
     */
    public static Optional<ImageReference> parse(String text) {
        if (text.isEmpty()
                || text.length() > TEXT_CHARS_MAX
                || ImageId.parse(text).isPresent()) {
            return Optional.empty();
        }
        String rest = text;
        String digest = "";
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = rest.substring(at + 1);
            rest = rest.substring(0, at);
            if (!ImageGrammar.isDigest(digest)) {
                return Optional.empty();
            }
        }
        String tag = digest.isEmpty() ? DEFAULT_TAG : "";
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            if (!ImageGrammar.isTag(tag)) {
                return Optional.empty();
            }
        }
        return named(rest, tag, digest);
    }

    private static Optional<ImageReference> named(String name, String tag, String digest) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        String registry = ImageGrammar.namesRegistry(first) ? first : DEFAULT_REGISTRY;
        String repository = ImageGrammar.namesRegistry(first) ? name.substring(slash + 1) : name;
        if (registry.equals("index.docker.io")) {
            registry = DEFAULT_REGISTRY;
        }
        if (registry.equals(DEFAULT_REGISTRY) && repository.indexOf('/') < 0) {
            repository = OFFICIAL + repository;
        }
        return ImageGrammar.isRegistry(registry) && ImageGrammar.isPath(repository)
                ? Optional.of(new ImageReference(registry, repository, tag, digest))
                : Optional.empty();
    }

    /** Registry and repository without tag and digest: {@code docker.io/library/redis}. */
    public String name() {
        return registry + "/" + repository;
    }

    /** The full form, which {@link #parse} reads back to an equal value. */
    @Override
    public String toString() {
        return name() + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest);
    }
}
