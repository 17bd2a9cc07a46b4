package dev.runnel.tests;

import dev.runnel.location.Location;
import dev.runnel.location.LocationType;
import dev.runnel.location.Option;
import dev.runnel.location.StoreContext;
import dev.runnel.location.StoreTraits;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The smallest kind of store that there can be, for {@link AddedStoreTest}: a folder that asks for a token. */
public final class ShelfLocationType implements LocationType {
    private static final Option TOKEN = Option.of("shelf-token", Option.Form.SECRET)
            .asParameter("shelfToken")
            .alsoAtTop()
            .documented("none", "opens the shelf");

    @Override
    public String name() {
        return "shelf";
    }

    @Override
    public String description() {
        return "a shelf";
    }

    @Override
    public String urlForm() {
        return "shelf:///SHELF?shelfToken=TOKEN";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.of(Option.PATH, Option.Form.FILE).inAddress(), TOKEN);
    }

    @Override
    public Location locate(Map<String, String> values, Map<String, String> environment) {
        if (!"open".equals(values.get(TOKEN.key()))) {
            throw new IllegalArgumentException("a shelf needs its \"shelf-token\"");
        }
        return new Shelf(Path.of(values.get(Option.PATH)));
    }

    private record Shelf(Path path) implements Location {
        @Override
        public String type() {
            return "shelf";
        }

        @Override
        public String display() {
            return "shelf://" + path;
        }

        @Override
        public String failureDomain() {
            return "shelves";
        }

        @Override
        public StoreTraits traits() {
            return new StoreTraits(
                    "level-%d/",
                    StoreTraits.FOLDER.listedTimes(), StoreTraits.Listings.PAID, StoreTraits.Retries.OF_RUNNEL);
        }

        @Override
        public Location below(String relative) {
            return new Shelf(path.resolve(relative));
        }

        @Override
        public ObjectStore open(StoreContext context) {
            return new FolderStore(context.disk(), path);
        }

        @Override
        public void removeLeftovers(StoreContext context, Instant now, Predicate<String> isOurs) {
            // A shelf keeps no parts of uploads.
        }
    }
}
