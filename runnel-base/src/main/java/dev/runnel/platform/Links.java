package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Symbolic links. */
public final class Links {
    /** As many as Linux follows. */
    private static final int MOST = 40;

    private Links() {}

    /**
     * The file that a name leads to, which need not be there: a link that stands under the name is followed, those in the
     * folders above stay.
     *
     * @param name absolute
     */
    public static Path follow(Path name) throws IOException {
        Path at = name;
        for (int i = 0; i < MOST; i++) {
            if (!Files.isSymbolicLink(at)) {
                return at;
            }
            Path folder = at.getParent();
            Path target = Files.readSymbolicLink(at);
            at = folder == null ? target : folder.resolve(target);
        }
        throw new FileSystemLoopException(name.toString());
    }
}
