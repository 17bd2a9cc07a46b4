package dev.runnel.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlagSetTest {
    private final FlagSet flags = new FlagSet("runnel restore", "DB_PATH");
    private final Flag<String> output = flags.addText("o", "PATH", "The database to make.");
    private final Flag<Integer> parallelism = flags.addNumber("parallelism", "N", 8, "How many at once.");
    private final Flag<Boolean> force = flags.addSwitch("force", "Replaces what is there.");

    @Test
    void oneAndTwoDashesMeanTheSame() throws FlagException {
        assertThat(flags.parse(List.of("-o", "a.db", "--force", "--parallelism", "3", "rest")))
                .contains(List.of("rest"));
        assertThat(output.value()).isEqualTo("a.db");
        assertThat(force.value()).isTrue();
        assertThat(parallelism.value()).isEqualTo(3);
    }

    @Test
    void aValueMayFollowAnEqualsSign() throws FlagException {
        flags.parse(List.of("-o=a=b.db", "-force=false", "-parallelism=0x10"));
        assertThat(output.value()).isEqualTo("a=b.db");
        assertThat(force.value()).isFalse();
        assertThat(force.isGiven()).isTrue();
        assertThat(parallelism.value()).isEqualTo(16);
    }

    @Test
    void aSwitchTakesNoWordAfterIt() throws FlagException {
        assertThat(flags.parse(List.of("-force", "false"))).contains(List.of("false"));
        assertThat(force.value()).isTrue();
    }

    @Test
    void theLastOfSeveralCounts() throws FlagException {
        flags.parse(List.of("-o", "a", "-o", "b"));
        assertThat(output.value()).isEqualTo("b");
    }

    @Test
    void twoDashesAloneEndTheFlags() throws FlagException {
        assertThat(flags.parse(List.of("-force", "--", "-o", "x"))).contains(List.of("-o", "x"));
        assertThat(output.isGiven()).isFalse();
    }

    @Test
    void aSingleDashIsAnArgument() throws FlagException {
        assertThat(flags.parse(List.of("-", "x"))).contains(List.of("-", "x"));
    }

    @Test
    void helpIsAskedForAmongOtherFlagsToo() throws FlagException {
        assertThat(flags.parse(List.of("-force", "-h"))).isEmpty();
        assertThat(flags.parse(List.of("--help"))).isEmpty();
    }

    @Test
    void anUnknownFlagIsNamedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> flags.parse(List.of("-forse")))
                .isInstanceOfSatisfying(
                        FlagException.class, e -> assertThat(e.nextStep()).isEqualTo("-force"))
                .hasMessage("flag provided but not defined: -forse");
        assertThatThrownBy(() -> flags.parse(List.of("--generation=x")))
                .isInstanceOfSatisfying(
                        FlagException.class, e -> assertThat(e.nextStep()).isEqualTo("runnel restore -help"))
                .hasMessage("flag provided but not defined: -generation");
    }

    @Test
    void wrongValuesAreReportedInGosWords() {
        assertThatThrownBy(() -> flags.parse(List.of("-o"))).hasMessage("flag needs an argument: -o");
        assertThatThrownBy(() -> flags.parse(List.of("-force=maybe")))
                .hasMessage("invalid boolean value \"maybe\" for -force: parse error");
        assertThatThrownBy(() -> flags.parse(List.of("-parallelism", "many")))
                .hasMessage("invalid value \"many\" for flag -parallelism: parse error");
        assertThatThrownBy(() -> flags.parse(List.of("-=x"))).hasMessage("bad flag syntax: -=x");
        assertThatThrownBy(() -> flags.parse(List.of("---o"))).hasMessage("bad flag syntax: ---o");
    }

    @Test
    void aFlagAfterAnArgumentIsAnError() {
        assertThatThrownBy(() -> flags.parse(List.of("/backup/app", "-o", "a.db")))
                .hasMessage("flag \"-o\" must be positioned before DB_PATH");
    }

    @Test
    void theHelpShowsEveryFlag() {
        assertThat(flags.describe()).isEqualTo("""
                    -o PATH
                        The database to make.

                    -parallelism N
                        How many at once.

                    -force
                        Replaces what is there.
                """);
    }

    @Test
    void theNearestWordIsFoundByLettersInsertedLeftOutReplacedAndSwapped() {
        List<String> known = List.of("path", "type", "url", "sync-interval");
        assertThat(Nearest.to("pth", known)).contains("path");
        assertThat(Nearest.to("paths", known)).contains("path");
        assertThat(Nearest.to("tpye", known)).contains("type");
        assertThat(Nearest.to("sync_interval", known)).contains("sync-interval");
        assertThat(Nearest.to("syncinterval", known)).contains("sync-interval");
        assertThat(Nearest.to("colour", known)).isEmpty();
    }
}
