package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation of the configuration has a row for each option of each location type. */
class OptionTablesTest {
    private static final Path DOCUMENTATION = Path.of(System.getProperty("runnel.project"), "docs", "configuration.md");

    @Test
    void everyOptionIsDocumentedAsItIs() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENTATION);
        for (LocationType type : LocationTypes.installed().all()) {
            if (!(type instanceof ShelfLocationType)) {
                assertThat(lines).as("rows of " + type.name()).containsSubsequence(rows(type));
                assertThat(lines)
                        .as("what stands in a replica only, of " + type.name())
                        .anyMatch(line -> line.contains(inReplicasOnly(type)));
            }
        }
    }

    @Test
    void aTypeThatIsNotDocumentedIsNoticed() throws IOException {
        assertThat(Files.readAllLines(DOCUMENTATION))
                .doesNotContainAnyElementsOf(rows(new ShelfLocationType()).subList(1, 2));
    }

    private static List<String> rows(LocationType type) {
        return type.options().stream().map(OptionTablesTest::row).toList();
    }

    private static String row(Option option) {
        String inUrl = switch (option.inUrl()) {
            case ADDRESS -> "in the address";
            case PARAMETER -> "`" + option.parameter() + "`";
            case NOT -> "";
        };
        return "| `%s` | %s | %s | %s |"
                .formatted(option.key(), inUrl, option.byDefault(), option.meaning())
                .replaceAll(" {2,}", " ");
    }

    private static String inReplicasOnly(LocationType type) {
        return "In a replica only: "
                + type.options().stream()
                        .filter(option -> option.scope() == Option.Scope.REPLICA)
                        .map(option -> "`" + option.key() + "`")
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
