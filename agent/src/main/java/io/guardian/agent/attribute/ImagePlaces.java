package io.guardian.agent.attribute;

/**
 * Finds the place of an image in the tree of its workload: below the one that called it, at the root, or where its user
 * puts it.
 */
final class ImagePlaces {
    private final LineageHash hash;
    private final boolean complete;

    /** @param complete whether every fork and exec is seen; if not, all roots are uncertain */
    ImagePlaces(LineageHash hash, boolean complete) {
        this.hash = hash;
        this.complete = complete;
    }

    /**
     * After an exec.
     *
     * @param fromInside whether the process was an image of this workload before
     * @param certain whether nothing of its past was missed
     */
    Image after(LiveProcess process, Instance instance, boolean fromInside, Program program, boolean certain) {
        if (fromInside && (certain || !complete)) {
            var caller = process.image();
            return caller.program().equals(program) ? caller : caller.child(program, hash, instance::takeImagePlace);
        }
        return root(instance, program, process.isKnown() && certain);
    }

    /** @param known whether it is known that nothing of the workload called it */
    Image root(Instance instance, Program program, boolean known) {
        return known && complete
                ? instance.top().child(program, hash, instance::takeImagePlace)
                : unseen(instance, program);
    }

    /** Of a process whose coming was not seen. */
    Image unseen(Instance instance, Program program) {
        return instance.top().uncertainRoot(program, hash, instance::takeImagePlace);
    }

    /** Below the image when the user is another; an image above it when it goes back to that one's user. */
    Image withUser(Image image, Instance instance, String user) {
        var program = image.program().withUser(user);
        for (var above = image; !above.isTop(); above = above.parent()) {
            if (above.program().equals(program)) {
                return above;
            }
            if (!above.program().withUser(user).equals(program)) {
                break;
            }
        }
        return image.child(program, hash, instance::takeImagePlace);
    }
}
