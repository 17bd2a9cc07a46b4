package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Code that nobody calls is gone. What only tests call is seen here too: a test of something unused proves nothing. */
@Tag("slow")
final class UsedMethodsTest {
    /** Applications call it. */
    private static final String PUBLIC_API = "dev.runnel";

    /** Third parties call it. */
    private static final String TEST_KIT = "dev.runnel.testkit";

    @Test
    void everyMethodIsCalled() throws IOException {
        JavaClasses classes = new ClassFileImporter().importLocations(classFolders());
        List<String> unused = classes.stream()
                .filter(owner -> owner.getSource().isPresent() && isOurs(owner))
                .flatMap(owner -> owner.getMethods().stream())
                .filter(method -> !isCalled(method) && !isCalledByOthers(method))
                .map(JavaMethod::getFullName)
                .sorted()
                .toList();
        assertThat(unused).as("methods that nobody calls").isEmpty();
    }

    private static Set<Location> classFolders() throws IOException {
        try (Stream<Path> modules = Files.list(BuiltModules.PROJECT)) {
            return modules.filter(module -> module.getFileName().toString().startsWith("runnel-"))
                    .flatMap(module ->
                            Stream.of("classes", "test-classes").map(module.resolve(BuiltModules.BUILD)::resolve))
                    .filter(Files::isDirectory)
                    .map(Location::of)
                    .collect(Collectors.toSet());
        }
    }

    private static boolean isOurs(JavaClass owner) {
        String file = owner.getSource().orElseThrow().getUri().toString();
        return file.contains("/" + BuiltModules.BUILD + "/classes/")
                && !file.contains("/runnel-bench/")
                && !owner.getPackageName().equals(PUBLIC_API)
                && !owner.getPackageName().startsWith(TEST_KIT);
    }

    /** By another method than itself. */
    private static boolean isCalled(JavaMethod method) {
        return method.getAccessesToSelf().stream()
                .anyMatch(access -> !access.getOrigin().equals(method));
    }

    private static boolean isCalledByOthers(JavaMethod method) {
        return method.getModifiers().contains(JavaModifier.SYNTHETIC)
                || method.getModifiers().contains(JavaModifier.BRIDGE)
                || method.getName().equals("main")
                || isMadeByTheCompiler(method)
                || isOverriding(method);
    }

    private static boolean isMadeByTheCompiler(JavaMethod method) {
        JavaClass owner = method.getOwner();
        boolean isAccessor = owner.isRecord()
                && method.getRawParameterTypes().isEmpty()
                && owner.tryGetField(method.getName()).isPresent();
        return isAccessor || (owner.isEnum() && Set.of("values", "valueOf").contains(method.getName()));
    }

    private static boolean isOverriding(JavaMethod method) {
        JavaClass owner = method.getOwner();
        int parameters = method.getRawParameterTypes().size();
        return Stream.concat(owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
                .flatMap(parent -> parent.getMethods().stream())
                .anyMatch(other -> other.getName().equals(method.getName())
                        && other.getRawParameterTypes().size() == parameters);
    }
}
