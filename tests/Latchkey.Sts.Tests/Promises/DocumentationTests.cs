using System.Reflection;
using System.Xml.Linq;

namespace Latchkey.Sts.Tests;

/// <summary>Every public type, method and property says where its facts come from. Values of enums and components of records share their type's source.</summary>
public sealed class DocumentationTests
{
    private static readonly Dictionary<string, string> Docs = XDocument.Load(Path.ChangeExtension(typeof(TokenNumber).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.ToString(), StringComparer.Ordinal);

    [Fact]
    public void EveryPublicTypeAndMember_NamesItsSource()
    {
        string[] names = [.. PublicNames()];
        Assert.True(names.Length > 300, $"{names.Length} names");
        Assert.Empty(names.Where(name => !HasSource(name)));
    }

    [Fact]
    public void AMemberWithoutASource_IsFound() => Assert.False(HasSource("M:Latchkey.Sts.Nothing"));

    private static bool HasSource(string name) =>
        Docs.Any(doc => (doc.Key == name || doc.Key.StartsWith(name + "(", StringComparison.Ordinal)) && (doc.Value.Contains("Source:", StringComparison.Ordinal) || doc.Value.Contains("<inheritdoc", StringComparison.Ordinal)));

    private static IEnumerable<string> PublicNames()
    {
        foreach (Type type in typeof(TokenNumber).Assembly.GetExportedTypes())
        {
            string typeName = type.FullName!.Replace('+', '.');
            yield return "T:" + typeName;
            if (type.IsEnum) continue;
            string[] components = [.. type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Name!)];
            foreach (PropertyInfo property in type.GetProperties(DeclaredHere).Where(p => !components.Contains(p.Name, StringComparer.Ordinal) && p.Name != "EqualityContract"))
                yield return $"P:{typeName}.{property.Name}";
            foreach (MethodInfo method in type.GetMethods(DeclaredHere).Where(IsOwn)) yield return $"M:{typeName}.{method.Name}";
        }
    }

    private const BindingFlags DeclaredHere = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Accessors, operators and what the compiler writes for records have no document of their own.
    private static bool IsOwn(MethodInfo method) =>
        !method.IsSpecialName
        && method.Name is not ("Equals" or "GetHashCode" or "Deconstruct" or "<Clone>$")
        && method.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
        && method.GetBaseDefinition() is var root && (root == method || method.Name == "ToString" && root != method);
}
