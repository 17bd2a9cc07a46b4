package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/** A user, and perhaps a group, that files are handed over to. */
public record FileOwner(UserPrincipal user, Optional<GroupPrincipal> group) {
    /**
     * Finds those that a text names: {@code USER} or {@code USER:GROUP}, each a name or a number.
     *
     * @throws UserPrincipalNotFoundException if this machine knows no such user or group
     */
    public static FileOwner parse(String text) throws IOException {
        int colon = text.indexOf(':');
        UserPrincipalLookupService known = FileSystems.getDefault().getUserPrincipalLookupService();
        UserPrincipal user = known.lookupPrincipalByName(colon < 0 ? text : text.substring(0, colon));
        String group = colon < 0 ? "" : text.substring(colon + 1);
        return new FileOwner(
                user, group.isEmpty() ? Optional.empty() : Optional.of(known.lookupPrincipalByGroupName(group)));
    }

    /** Hands a file or folder over. */
    public void give(Path file) throws IOException {
        Files.setOwner(file, user);
        if (group.isPresent()) {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view == null) {
                throw new IOException(file + ": this file system has no groups");
            }
            view.setGroup(group.get());
        }
    }

    @Override
    public String toString() {
        return user.getName() + group.map(g -> ":" + g.getName()).orElse("");
    }
}
