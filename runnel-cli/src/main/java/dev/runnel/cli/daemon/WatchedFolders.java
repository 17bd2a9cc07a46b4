package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Config.FolderOfDatabases;
import dev.runnel.platform.FolderWatch;
import dev.runnel.setup.FolderFollowing;
import dev.runnel.setup.FollowedDatabases;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The folders of the configuration in which databases come and go. */
final class WatchedFolders implements Closeable {
    private final FollowedDatabases followed;
    private final FolderWatch events = FolderWatch.system();
    private List<FolderFollowing> followings = List.of();

    WatchedFolders(FollowedDatabases followed) {
        this.followed = followed;
    }

    /** Watches these, and none of those before. */
    void watch(List<FolderOfDatabases> folders) {
        end();
        followings = folders.stream()
                .filter(each -> each.folder().isWatched()
                        && !each.folder().settings().replicas().isEmpty())
                .map(each -> FolderFollowing.start(each.folder(), each.found(), followed, events))
                .toList();
    }

    /** The databases that were found in them by now, and are followed. */
    Set<Path> members() {
        Set<Path> all = new HashSet<>();
        followings.forEach(each -> all.addAll(each.members()));
        return all;
    }

    private void end() {
        followings.forEach(FolderFollowing::close);
    }

    @Override
    public void close() throws IOException {
        end();
        events.close();
    }
}
