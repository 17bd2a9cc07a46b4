/** age encryption for object stores. */
module dev.runnel.age {
    requires com.exceptionfactory.jagged;
    requires com.exceptionfactory.jagged.framework;
    requires com.exceptionfactory.jagged.x25519;
    requires transitive dev.runnel.base;
    requires static org.jspecify;

    exports dev.runnel.age;
}
