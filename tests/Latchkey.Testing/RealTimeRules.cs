using System.Reflection;
using System.Reflection.Emit;

namespace Latchkey.Testing;

/// <summary>Reads the IL of interrupt code: no allocation, no boxing, no virtual call, no exception, no loop, and the same for all it calls.</summary>
public static class RealTimeRules
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    // Bounds-checked access to fixed buffers and plain arithmetic of the base library.
    private static readonly string[] AllowedTypes = ["System.Runtime.CompilerServices.Unsafe", "System.Math", "System.Span`1", "System.Runtime.InteropServices.MemoryMarshal"];

    private static readonly HashSet<string> Forbidden = new(StringComparer.Ordinal)
    {
        "newarr", "box", "throw", "rethrow", "calli", "localloc", "ldftn", "ldvirtftn", "castclass", "isinst", "unbox", "unbox.any",
        "add.ovf", "add.ovf.un", "sub.ovf", "sub.ovf.un", "mul.ovf", "mul.ovf.un", "ckfinite",
    };

    /// <summary>Every method of an assembly that carries the attribute.</summary>
    public static IReadOnlyList<MethodBase> Marked(Assembly assembly, Type attribute) =>
        [.. assembly.GetTypes().SelectMany(t => t.GetMembers(Everything)).OfType<MethodBase>().Where(m => m.IsDefined(attribute, false))];

    /// <summary>What a method does against the rules, followed into everything it calls in its own assembly.</summary>
    public static IReadOnlyList<string> Violations(MethodBase method)
    {
        List<string> found = [];
        Visit(method, found, []);
        return found;
    }

    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static void Visit(MethodBase method, List<string> found, HashSet<MethodBase> seen)
    {
        if (!seen.Add(method) || method.GetMethodBody() is not { } body) return;
        string name = $"{method.DeclaringType?.Name}.{method.Name}";
        if (body.ExceptionHandlingClauses.Count > 0) found.Add($"{name}: exception handler");
        byte[] il = body.GetILAsByteArray()!;
        for (int at = 0; at < il.Length;)
        {
            int start = at;
            OpCode code = il[at] == 0xFE ? Codes[unchecked((short)(0xFE00 | il[at + 1]))] : Codes[il[at]];
            at += code.Size;
            int operand = at;
            at += OperandSize(code, il, at);
            if (Forbidden.Contains(code.Name!) || code.Name!.StartsWith("conv.ovf", StringComparison.Ordinal)) found.Add($"{name}: {code.Name}");
            if (BranchTargets(code, il, operand, at).Any(target => target <= start)) found.Add($"{name}: backward branch");
            if (code.OperandType == OperandType.InlineMethod) Call(method, code, BitConverter.ToInt32(il, operand), name, found, seen);
        }
    }

    private static void Call(MethodBase caller, OpCode code, int token, string name, List<string> found, HashSet<MethodBase> seen)
    {
        MethodBase target = caller.Module.ResolveMethod(token, caller.DeclaringType?.GetGenericArguments(), caller.IsGenericMethod ? caller.GetGenericArguments() : null)!;
        Type owner = target.DeclaringType!;
        if (code == OpCodes.Newobj && !owner.IsValueType) found.Add($"{name}: allocates {owner.Name}");
        if (code == OpCodes.Callvirt && target.IsVirtual && !target.IsFinal && !owner.IsSealed) found.Add($"{name}: virtual call of {owner.Name}.{target.Name}");
        string ownerName = owner.IsGenericType ? owner.GetGenericTypeDefinition().FullName! : owner.FullName!;
        if (owner.Assembly == caller.DeclaringType!.Assembly) Visit(target, found, seen);
        else if (!AllowedTypes.Contains(ownerName, StringComparer.Ordinal) && owner.Assembly.GetName().Name!.StartsWith("System", StringComparison.Ordinal))
            found.Add($"{name}: calls {ownerName}.{target.Name}");
        else if (owner.Assembly.GetName().Name!.StartsWith("Latchkey", StringComparison.Ordinal)) Visit(target, found, seen);
    }

    private static IEnumerable<int> BranchTargets(OpCode code, byte[] il, int operand, int next) => code.OperandType switch
    {
        OperandType.ShortInlineBrTarget => [next + unchecked((sbyte)il[operand])],
        OperandType.InlineBrTarget => [next + BitConverter.ToInt32(il, operand)],
        OperandType.InlineSwitch => Enumerable.Range(0, BitConverter.ToInt32(il, operand)).Select(k => next + BitConverter.ToInt32(il, operand + 4 + (4 * k))),
        _ => [],
    };

    private static int OperandSize(OpCode code, byte[] il, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };
}
