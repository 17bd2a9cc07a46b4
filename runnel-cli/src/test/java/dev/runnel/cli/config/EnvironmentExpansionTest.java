package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases are those of the rules that Go documents for {@code os.Expand} and {@code os.ExpandEnv}. */
class EnvironmentExpansionTest {
    private final EnvironmentExpansion expansion = new EnvironmentExpansion(
            Map.of("HOME", "/root", "H", "(H)", "*", "all", "1", "ARG1", "_x9", "under", "PID", "from environment"),
            4711);

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
                plain|plain
                $HOME|/root
                ${HOME}/app.db|/root/app.db
                a$HOME-b|a/root-b
                $HOMEx|''
                ${H}OME|(H)OME
                $$HOME|HOME
                $*|all
                ${*}|all
                $1x|ARG1x
                $_x9|under
                $NOPE.|.
                ${}x|x
                ${HOME|HOME
                a$|a$
                a $ b|a $ b
                $+|$+
                $é|$é
                $PID ${PID}|4711 4711
                # $HOME|# /root
                """)
    void followsTheRulesOfGo(String text, String expected) {
        assertThat(expansion.expand(text)).isEqualTo(expected);
    }

    @Test
    void namesTheVariablesThatAreNotSet() {
        expansion.expand("$HOME $NOPE ${ALSO_NOT} $2 $$ $NOPE");
        assertThat(expansion.missing()).containsExactly("NOPE", "ALSO_NOT");
    }
}
