using System.Reflection;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;
using Latchkey.Testing;

namespace Latchkey.Meter.Tests.LoadSwitch;

public sealed class RealTimeTests
{
    [Fact]
    public void InterruptCode_KeepsTheRules()
    {
        IReadOnlyList<MethodBase> marked = RealTimeRules.Marked(typeof(LoadSwitchController).Assembly, typeof(RealTimeAttribute));
        Assert.NotEmpty(marked);
        Assert.Empty(marked.SelectMany(RealTimeRules.Violations).Distinct(StringComparer.Ordinal));
    }
}
