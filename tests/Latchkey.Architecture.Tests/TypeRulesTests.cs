using System.Reflection;
using System.Runtime.CompilerServices;

namespace Latchkey.Architecture.Tests;

public sealed class TypeRulesTests
{
    private static readonly string[] MoneyRooms = ["Latchkey.Ledger", "Latchkey.Tariffs", "Latchkey.Vending"];

    private static readonly Assembly[] Product =
        [.. ProjectFiles.All.Select(ProjectFiles.Name).Where(name => name != "Latchkey.Cli").Select(Assembly.Load)];

    [Fact]
    public void EveryPublicStruct_IsReadonly() => Assert.Empty(MutableStructs(Product.SelectMany(a => a.GetExportedTypes())));

    [Fact]
    public void AMutableStruct_IsReported() => Assert.Single(MutableStructs([typeof(PlantedMutableStruct)]));

    [Fact]
    public void MoneyRooms_HoldNoFloatingPoint() =>
        Assert.Empty(FloatingPoint(MoneyRooms.SelectMany(room => Assembly.Load(room).GetTypes())));

    [Fact]
    public void AFloatingPointField_IsReported() => Assert.NotEmpty(FloatingPoint([typeof(PlantedFloatingPoint)]));

    [Fact]
    public void NoRoom_ReferencesASiblingThroughItsAssembly() =>
        Assert.DoesNotContain(typeof(Latchkey.Quantities.Money).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Latchkey.", StringComparison.Ordinal));

    private static IEnumerable<string> MutableStructs(IEnumerable<Type> types) =>
        from type in types
        where type is { IsValueType: true, IsEnum: false } && type.GetCustomAttribute<IsReadOnlyAttribute>() is null
        where type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.IsByRefLike
        select type.FullName;

    private static IEnumerable<string> FloatingPoint(IEnumerable<Type> types)
    {
        const BindingFlags Everything =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (Type type in types.Where(t => !t.Name.Contains('<', StringComparison.Ordinal)))
        {
            foreach (FieldInfo field in type.GetFields(Everything).Where(f => IsFloating(f.FieldType))) yield return $"{type.FullName}.{field.Name}";
            foreach (MethodInfo method in type.GetMethods(Everything))
            {
                bool signature = IsFloating(method.ReturnType) || method.GetParameters().Any(p => IsFloating(p.ParameterType));
                bool body = method.GetMethodBody()?.LocalVariables.Any(v => IsFloating(v.LocalType)) ?? false;
                if (signature || body) yield return $"{type.FullName}.{method.Name}";
            }
        }
    }

    private static bool IsFloating(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(Half);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1812", Justification = "A planted breach.")]
    private struct PlantedMutableStruct
    {
        public int Value { get; set; }
    }

    private sealed class PlantedFloatingPoint
    {
        public double Value { get; set; }
    }
}
