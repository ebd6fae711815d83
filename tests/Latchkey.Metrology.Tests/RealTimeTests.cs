using System.Reflection;
using Latchkey.Testing;

namespace Latchkey.Metrology.Tests;

public sealed class RealTimeTests
{
    [Fact]
    public void InterruptCode_KeepsTheRules()
    {
        IReadOnlyList<MethodBase> marked = RealTimeRules.Marked(typeof(MetrologyCore).Assembly, typeof(RealTimeAttribute));
        Assert.True(marked.Count >= 12);
        Assert.Empty(marked.SelectMany(RealTimeRules.Violations).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(nameof(Breaches.Allocates), "allocates")]
    [InlineData(nameof(Breaches.Boxes), "box")]
    [InlineData(nameof(Breaches.Loops), "backward branch")]
    [InlineData(nameof(Breaches.Throws), "throw")]
    [InlineData(nameof(Breaches.Overflows), "add.ovf")]
    [InlineData(nameof(Breaches.CallsVirtually), "virtual call")]
    [InlineData(nameof(Breaches.HidesALoop), "backward branch")]
    [InlineData(nameof(Breaches.MakesAnArray), "newarr")]
    public void ABreach_IsReported(string method, string complaint)
    {
        MethodInfo breach = typeof(Breaches).GetMethod(method, BindingFlags.Static | BindingFlags.Public)!;
        Assert.Contains(RealTimeRules.Violations(breach), v => v.Contains(complaint, StringComparison.Ordinal));
    }

    internal static class Breaches
    {
        public static object Allocates() => new List<int>();

        public static object Boxes(int value) => value;

        public static int Loops(int count)
        {
            int sum = 0;
            for (int k = 0; k < count; k++) sum = unchecked(sum + k);
            return sum;
        }

        public static int Throws(int value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));

        public static int Overflows(int value) => checked(value + 1);

        public static int CallsVirtually(Stream stream) => stream.ReadByte();

        public static int HidesALoop(int value) => Loops(value);

        public static int[] MakesAnArray() => new int[4];
    }
}
